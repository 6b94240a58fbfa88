"""Occurrence records of the Global Biodiversity Information Facility (gbif.org), by its public interface."""
