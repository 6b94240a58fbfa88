"""Scores as others published them, each with what it measures, its source, and what to keep in mind.

A score belongs to one `Measure`; scores of different measures are never comparable, so tables are made for one
measure at a time (`scores(measure)`). Figures stand as printed.
"""

from __future__ import annotations

from dataclasses import dataclass

from sdm.errors import UnknownNameError


@dataclass(frozen=True)
class Measure:
    """What a score says: of which data, by which metric, and which way is better."""

    key: str
    title: str
    data: str
    meaning: str
    lower_is_better: bool = False


@dataclass(frozen=True)
class Score:
    """One published figure.

    `printed` is the figure as printed. `setting` tells what it was reached with (decoding, background, …).
    `reported_only` marks a figure that only its authors report: what they published cannot produce it.
    """

    model: str
    measure: Measure
    printed: str
    source: str
    setting: str = ""
    remark: str = ""
    reported_only: bool = False

    @property
    def value(self) -> float:
        """The figure as a number."""
        return float(self.printed)


@dataclass(frozen=True)
class StudyPoint:
    """The single-label LSTM after `epochs` at `learning_rate`: local F1 and accuracy, 0 to 1, as printed."""

    learning_rate: float
    epochs: int
    f1: float
    accuracy: float
    remark: str = ""


def _kaggle(side: str, year: int) -> Measure:
    """The score on the public or private part of a competition's hidden test."""
    meaning = f"samples-averaged F1 on the {side} part of the hidden test"
    return Measure(f"{side}-{year}", f"Kaggle {side}", f"GeoLifeCLEF {year}", meaning)


PUBLIC_2025, PRIVATE_2025 = _kaggle("public", 2025), _kaggle("private", 2025)
PUBLIC_2024, PRIVATE_2024 = _kaggle("public", 2024), _kaggle("private", 2024)
SCORE_2024 = Measure(
    "score-2024", "Score, side not stated", "GeoLifeCLEF 2024", "the authors' score; public or private is not said"
)
TRAIN_LOSS_2024 = Measure(
    "train-loss-2024", "Training loss", "GeoLifeCLEF 2024", "loss on the authors' training split", True
)
VALIDATION_LOSS_2024 = Measure(
    "validation-loss-2024", "Validation loss", "GeoLifeCLEF 2024", "loss on the authors' validation split", True
)
SINGLE_LABEL_F1 = Measure(
    "single-label-f1", "Local single-label F1", "GeoLifeCLEF 2025",
    "one row per survey and species, the species as the class, on the authors' own split; no Kaggle score",
)  # fmt: skip
SINGLE_LABEL_ACCURACY = Measure(
    "single-label-accuracy", "Local single-label accuracy", "GeoLifeCLEF 2025", SINGLE_LABEL_F1.meaning
)
PRETRAINING = Measure(
    "pretraining-2025", "Score with PO pre-training", "GeoLifeCLEF 2025", "a participant's score; side not said"
)
NCEAS = Measure(
    "nceas", "Mean AUC, six regions", "NCEAS benchmark",
    "AUC per species on presence-absence data after training on presence-only, mean per region, mean of regions",
)  # fmt: skip
NCEAS_SWITZERLAND = Measure(
    "nceas-switzerland", "Mean AUC, Switzerland", "NCEAS benchmark, region SWI", "AUC per species, mean"
)
AUC_GEOLIFECLEF = Measure(
    "auc-geolifeclef", "Mean AUC", "GeoLifeCLEF presence-absence surveys", "AUC per species, mean"
)

SATELLITE_REPORT = "Report on four satellite-only models for GeoLifeCLEF 2025, table of Kaggle scores"
LSTM_REPORT = "Report on four satellite-only models for GeoLifeCLEF 2025, LSTM study"
FUSION_PAPER = "Multi-modal fusion for GeoLifeCLEF 2024, table of models"
LEADERBOARD_2024 = "GeoLifeCLEF 2024 leaderboard (kaggle.com/competitions/geolifeclef-2024)"
FIELD_2025 = "Papers and code of GeoLifeCLEF 2025 participants and organisers (CEUR-WS Vol-4038)"
NCEAS_PAPERS = (
    "Valavi et al. 2022 (Ecological Monographs 92, e01486) and Ryckewaert et al. 2024 (arXiv 2412.19217), "
    "figures of the NCEAS benchmark"
)
LSTM_REMARK = "A local score of a single-label task, trained by cross-entropy though the report prints MSE."
LOW_RATE, HIGH_RATE = "learning rate 1e-4, epoch 90", "learning rate 5e-4, epoch 70"
FUSION_REMARK = "The text calls ConvNeXt-Large the best single model; the table says MaxViT-T."
CONTESTED = ("ConvNeXt-Large fusion", "MaxViT-T fusion")


def _fusion(model: str, train: str, validation: str, score: str, top: int) -> tuple[Score, ...]:
    """One row of the fusion table: the score and both losses."""
    remark = FUSION_REMARK if model in CONTESTED else ""
    return (
        Score(model, SCORE_2024, score, FUSION_PAPER, f"top-{top}", remark),
        Score(model, TRAIN_LOSS_2024, train, FUSION_PAPER),
        Score(model, VALIDATION_LOSS_2024, validation, FUSION_PAPER),
    )


SCORES: tuple[Score, ...] = (
    Score("LandSatMLP", PUBLIC_2025, "0.16752", SATELLITE_REPORT),
    Score("LandSatMLP", PRIVATE_2025, "0.14893", SATELLITE_REPORT),
    Score("LandsatCNN", PUBLIC_2025, "0.17", SATELLITE_REPORT),
    Score("LandsatCNN", PRIVATE_2025, "0.15", SATELLITE_REPORT),
    Score("ResNet-18 on the patch", PUBLIC_2025, "0.127", SATELLITE_REPORT),
    Score("ResNet-18 on the patch", PRIVATE_2025, "0.139", SATELLITE_REPORT),
    Score("LSTM, single-label", SINGLE_LABEL_F1, ".29", LSTM_REPORT, LOW_RATE, LSTM_REMARK),
    Score("LSTM, single-label", SINGLE_LABEL_ACCURACY, ".28", LSTM_REPORT, LOW_RATE, LSTM_REMARK),
    Score("LSTM, single-label", SINGLE_LABEL_F1, ".33", LSTM_REPORT, HIGH_RATE, LSTM_REMARK),
    Score("LSTM, single-label", SINGLE_LABEL_ACCURACY, ".30", LSTM_REPORT, HIGH_RATE, LSTM_REMARK),
    *_fusion("ConvNeXt-Base fusion", ".00386", ".00413", ".39230", 18),
    *_fusion("ConvNeXt-Large fusion", ".00388", ".00404", ".39835", 19),
    *_fusion("MaxViT-T fusion", ".00354", ".00393", ".40811", 18),
    *_fusion("SwinV2-Base fusion", ".00364", ".00401", ".40533", 17),
    Score("Official baseline", SCORE_2024, ".32359", FUSION_PAPER),
    Score(
        "Ensemble of the four fusions", SCORE_2024, ".42581", FUSION_PAPER,
        "top-18, weights 0.15, 0.10, 0.40, 0.35",
        "Above that year's first place; the published code cannot produce it.", reported_only=True,
    ),
    Score("First place 2024", PRIVATE_2024, ".40890", LEADERBOARD_2024),
    Score("First place 2024", PUBLIC_2024, ".41092", LEADERBOARD_2024),
    Score("ResNet-18 on Landsat", PRIVATE_2025, ".178", FIELD_2025),
    Score("ResNet-18 on the patch", PRIVATE_2025, ".155", FIELD_2025),
    Score("ResNet-18 on climate", PRIVATE_2025, ".153", FIELD_2025),
    Score("ResNet-18 on all three", PRIVATE_2025, ".160", FIELD_2025),
    Score("ResNet-18 on all three", PRIVATE_2025, ".183", FIELD_2025, "PO data first"),
    Score(
        "First place 2025", PRIVATE_2025, ".230", FIELD_2025,
        "all-species and rare-species heads, location embedding, richness regressor, spatial post-processing",
    ),
    Score("Second place 2025", PRIVATE_2025, ".222", FIELD_2025, "set size per survey by expected F1"),
    Score(
        "Third family 2025", PRIVATE_2025, ".217", FIELD_2025,
        "PO pseudo-labels, asymmetric loss, mixture of experts by distance to PA",
    ),
    Score("PO pre-training", PRETRAINING, ".233", FIELD_2025, "5 epochs"),
    Score("PO pre-training", PRETRAINING, ".175", FIELD_2025, "15 epochs", "Too much of it hurts."),
    Score("Maxent", NCEAS, ".712", NCEAS_PAPERS, "random background"),
    Score("Maxent", NCEAS, ".760", NCEAS_PAPERS, "target-group background"),
    Score("Random forest, down-sampled", NCEAS, ".760", NCEAS_PAPERS),
    Score("Boosted trees", NCEAS, ".757", NCEAS_PAPERS),
    Score("DeepMaxent", NCEAS, ".768", NCEAS_PAPERS),
    Score("DeepMaxent network", NCEAS, ".70", NCEAS_PAPERS, "random sites"),
    Score("DeepMaxent network", NCEAS, ".766", NCEAS_PAPERS, "target-group sites"),
    Score("Maxent", NCEAS_SWITZERLAND, ".837", NCEAS_PAPERS),
    Score("Random forest", NCEAS_SWITZERLAND, ".847", NCEAS_PAPERS),
    Score("Maxent", AUC_GEOLIFECLEF, ".823", NCEAS_PAPERS),
    Score("DeepMaxent", AUC_GEOLIFECLEF, ".860", NCEAS_PAPERS),
)  # fmt: skip

MEASURES: dict[str, Measure] = {score.measure.key: score.measure for score in SCORES}

LSTM_STUDY: tuple[StudyPoint, ...] = (
    StudyPoint(1e-4, 10, 0.07, 0.01, "The low end of the printed range, taken for its first epoch."),
    StudyPoint(1e-4, 70, 0.25, 0.24, "Printed as the other rate's counterpart at epoch 70."),
    StudyPoint(1e-4, 90, 0.29, 0.28, "The best of epochs 10 to 100."),
    StudyPoint(5e-4, 70, 0.33, 0.30, "The last of epochs 10 to 70."),
)
"""The points known in figures; the study ran epochs 10 to 100 by tens at 1e-4 and 10 to 70 at 5e-4."""


def scores(measure: str) -> tuple[Score, ...]:
    """All published scores of one measure (a key of MEASURES), the best first; UnknownNameError lists the keys."""
    if measure not in MEASURES:
        raise UnknownNameError("no such measure", expected=", ".join(MEASURES), got=measure)
    matching = [score for score in SCORES if score.measure.key == measure]
    return tuple(sorted(matching, key=lambda score: score.value, reverse=not MEASURES[measure].lower_is_better))
