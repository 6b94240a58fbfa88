"""Every key of session state, in one place. Those marked (link) are also query parameters."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Key(StrEnum):
    """Names of widgets and remembered values."""

    DATA = "data"  # (link) key of a known data set
    SURVEY = "survey"  # (link) survey id, or source/id where ids repeat
    AT = "at"  # (link) "latitude, longitude" that was clicked or typed
    SIMULATE = "simulate"  # (link) simulate a survey at that very point
    YEAR = "year"  # (link) of the simulated survey
    COLOUR = "colour"  # (link) what the colour of a survey means
    STRETCH = "stretch"  # (link) how pixels become colours
    MEASURE = "measure"  # (link) Landsat band or index
    CLIMATE = "climate"  # (link) which climate diagram
    LOOK_AT = "view"  # (link) view of the dossier
    LOOK = "look"  # (link) how a patch is seen
    FORMULA = "formula"  # (link) of one's own, over the bands of a patch
    SERIES = "series"  # (link) of one's own, over the bands of Landsat
    EAST = "east"  # (link) metres from the survey to the pixel looked at
    NORTH = "north"  # (link)
    AGAINST = "against"  # (link) the year compared with the usual one
    VARIABLE = "variable"  # (link) of climate, whose anomalies are drawn
    ALIKE = "alike"  # (link) modality by which surveys are alike
    BESIDE = "beside"  # (link) survey kept to compare
    MODELS = "models"  # (link) runs to ask
    DECODER = "decoder"  # (link) kind of decoder
    TOP = "top"  # (link) k of top-k
    THRESHOLD = "threshold"  # (link) of the threshold decoder
    EXPECTATION = "expectation"  # (link) how the expected F1 is worked out
    ANSWERS = "answers"  # (link) view of what the models say
    ONE = "one"  # (link) the one model, of those asked, that is looked at
    CUT = "cut"  # (link) k of one's own on the set-size bench
    LEAST = "least"  # (link) threshold of one's own there
    JUDGED_ON = "judged"  # (link) surveys at which decoders are compared
    CALIBRATION = "calibration"  # (link) which probabilities a reliability plot shows
    WEIGHT = "weight"  # (link) per cent of a run in the mixture, followed by _ and its name
    BECAUSE = "because"  # (link) class_id of the species whose reasons are drawn
    STATED = "stated"  # (link) share of the recorded species that a set promises to hold
    GAP = "gap"  # (link) domain-gap demonstration
    RUN = "run"  # (link) the one run that is looked at
    SPLIT = "split"  # (link) whose stored predictions
    LEVEL = "level"  # (link) classes, or what they are rolled up to
    SHOW = "show"  # (link) which view of the confusion
    ORDER = "order"  # (link) of the species' bars
    SHADE = "shade"  # (link) what the colour of a cell means
    BLOCK = "block"  # (link) classes of the clickable block
    SUPPORT = "support"  # (link) surveys a pair must be seen at
    RECORDED = "recorded"  # (link) class that was recorded, of the surveys behind a bar, pair or cell
    GIVEN = "given"  # (link) class that was given
    BEHIND = "behind"  # the survey picked among those
    REDRAWN = "redrawn"  # how often the choice was made elsewhere than in a figure
    TAXON = "taxon"  # class_id of the species looked at; its link is `species=`
    SCORED = "scored"  # (link) at which surveys a species is judged
    AREA = "area"  # (link) map of the surveys, or of the whole simulated Europe
    PREDICTORS = "predictors"  # whose responses are drawn
    EFFORT = "effort"  # (link) what the map of effort counts
    CURVES = "curves"  # (link) part of the page on training
    RUNS = "runs"  # (link) logs whose curves are drawn
    AXIS = "axis"  # (link) what curves run along
    SMOOTHING = "smoothing"  # (link) of curves per epoch
    BATCH_SMOOTHING = "batch_smoothing"  # (link) of the loss per batch
    LOGARITHMIC = "logarithmic"  # (link) axis of losses
    BAND = "band"  # (link) edges of the band round a curve
    SCORE = "score"  # (link) the score whose curves are drawn
    ALONE = "alone"  # (link) the study's measured points without the published ones
    ASK = "ask"  # (link) one survey, or a list of them
    LIST = "list"  # the file of surveys to predict
    BATCH = "batch"  # its prediction, under way or done
    BATCH_MODEL = "batch_model"
    UPLOAD = "upload"
    UPLOADS = "uploads"  # name -> curves of what was uploaded
    REFUSED = "refused"  # uploads that could not be read, and why
    TRAIN_MODEL = "train_model"
    SCORES = "scores"  # (link) part of the page on scores
    QUESTION = "question"  # (link) which board: scores of different questions are never mixed
    METRIC = "metric"  # (link) the measure a board shows
    RANKED = "ranked"  # (link) what a board is ordered by
    PUBLISHED = "published"  # (link) the study of others
    ENTRY = "entry"  # the file handed in
    ENTRY_NAME = "entry_name"
    ENTRY_KEPT = "entry_kept"  # how keeping it went
    TOUR = "tour"  # the step of the tour; None when it is not shown
    MAP = "map"
    VIEW = "map_view"  # where a box or a name has moved the map
    PLACE = "place"
    PICTURED = "filter_pictured"
    FILTER = "filter"  # (link) the surveys shown, as `Selection.to_query`
    FILTERS = "filters"  # the panel of these widgets
    SPLITS = "filter_splits"
    COUNTRIES = "filter_countries"
    SPECIES = "filter_species"
    YEARS = "filter_years"
    COUNTS = "filter_counts"


LINK: Final = "query-params"
"""For `bind=`: the value is part of the page's address, and kept while other pages are shown."""

KEEP: Final = "session"
"""For `persist_state=`: the value is kept while other pages are shown, and no part of an address."""
