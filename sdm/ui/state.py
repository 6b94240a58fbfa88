"""Every key of session state, in one place. Those of the first part are also parameters of the page's address."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Key(StrEnum):
    """Names of widgets and remembered values. docs/pages.md lists the linked ones with their values."""

    # In the address of every page.
    DATA = "data"  # key of a known data set
    SURVEY = "survey"  # survey id, or source/id where ids repeat
    AT = "at"  # "latitude, longitude" that was clicked or typed
    SIMULATE = "simulate"  # simulate a survey at that very point
    YEAR = "year"  # of the simulated survey
    RUN = "run"  # the one run that is looked at
    # Explore and the dossier.
    FILTER = "filter"  # the surveys shown, as `SurveyFilter.to_query`
    MAP_VIEW = "map_view"  # latitude_longitude_zoom; the map itself writes and reads it
    COLOUR = "colour"  # what the colour of a survey means
    SITE = "site"  # the scene on which the map opens
    RASTER = "raster"  # layer and rendering of it under the surveys, "none" without
    RASTER_DATE = "raster_date"  # of a layer of series, from 1
    POLYGONS = "polygons"  # mapper whose polygons are drawn, "none" without
    MAPPED_LEVEL = "mapped_level"  # at which the colours of mapped classes are told apart
    OPACITY = "opacity"  # of the polygons, per cent
    POINTS = "points"  # whether the surveys are drawn
    PINNED = "pinned"  # survey to compare with
    VIEW = "view"  # view of the dossier
    STRETCH = "stretch"  # how pixels become colours
    RENDERING = "rendering"  # composite, band or index of a patch
    PATCH_FORMULA = "patch_formula"  # of one's own, over the bands of a patch
    EAST = "east"  # metres from the survey to the pixel looked at
    NORTH = "north"
    LANDSAT_BAND = "landsat_band"  # or index
    LANDSAT_FORMULA = "landsat_formula"  # of one's own, over the bands of Landsat
    CLIMATE_DIAGRAM = "climate_diagram"
    CLIMATE_YEAR = "climate_year"  # compared with the mean of all years
    CLIMATE_VARIABLE = "climate_variable"  # whose anomalies are drawn
    COMPARED_GROUP = "compared_group"  # class id, or span of a number, whose spectrum is drawn too
    MONTHLY_BANDS = "monthly_bands"  # of a monthly series whose curves are drawn
    RASTER_LOOK = "raster_look"  # rendering of an image with any channels
    RED_CHANNEL = "red_channel"  # of a composite of one's own
    GREEN_CHANNEL = "green_channel"
    BLUE_CHANNEL = "blue_channel"
    NEIGHBOURS_BY = "neighbours_by"  # modality by which the nearest analogues are found
    # Predict.
    PREDICT_SECTION = "predict_section"  # one survey, or a list of them
    MAP_MODEL = "map_model"  # run that paints the class map
    MAP_PART = "map_part"  # south_west_north_east of the part of a scene that is predicted, "" for all of it
    MAP_LAYER = "map_layer"  # what of its predictions is painted
    MAP_CLASSES = "map_classes"  # those of its classes that are painted, all where none is chosen
    MODELS = "models"  # runs that predict
    DECODER = "decoder"  # kind of decoder
    TOP_K = "top_k"  # k of top-k
    THRESHOLD = "threshold"  # of the threshold decoder
    EXPECTED_F1 = "expected_f1"  # how the expected F1 is computed
    PREDICT_VIEW = "predict_view"  # view of the predictions
    MODEL = "model"  # the one of `models` that is looked at
    OWN_K = "own_k"  # k to try in the view of the set size
    OWN_THRESHOLD = "own_threshold"  # threshold to try there
    EVALUATED_ON = "evaluated_on"  # split at which decoders are compared
    CALIBRATION = "calibration"  # which probabilities a reliability diagram shows
    CONFORMAL = "conformal"  # validation surveys as they are, or weighted to be like the tests
    COVERAGE = "coverage"  # share of the recorded species that a conformal set guarantees to hold
    WEIGHT = "weight"  # per cent of a run in the mixture, followed by _ and its name
    ATTRIBUTION_OF = "attribution_of"  # class_id of the species whose probability is attributed to inputs
    BANDS_OF = "bands_of"  # class_id of the class whose probability is attributed to bands
    DOMAIN_GAP = "domain_gap"  # demonstration of models on data of another kind
    # Species.
    SPECIES = "species"  # class_id
    SPECIES_SPLIT = "species_split"  # at which surveys the species is evaluated
    AREA = "area"  # map of the surveys, or of the whole simulated Europe
    SPECIES_LOOK = "species_look"  # what of a map over rasters is drawn
    SPECIES_POINTS = "species_points"  # which sites lie over it
    SPECIES_AT = "species_at"  # place that was clicked on it
    SPECIES_AREA = "species_area"  # whether what is outside the area of applicability is hatched
    EUROPE_MAP = "europe_map"  # what an ensemble predicts all over Europe, or how far its members differ
    PREDICTORS = "predictors"  # whose responses are drawn
    RESPONSE_VIEW = "response_view"  # what is seen along a predictor, or the predictor alone changed
    # Training.
    TRAINING_SECTION = "training_section"
    RUNS = "runs"  # logs whose curves are drawn
    AXIS = "axis"  # what curves run along
    SMOOTHING = "smoothing"  # of curves per epoch
    BATCH_SMOOTHING = "batch_smoothing"  # of the loss per batch
    LOGARITHMIC = "logarithmic"  # axis of losses
    BAND = "band"  # edges of the band round a curve
    SCORE = "score"  # the score whose curves are drawn
    NETWORK = "network"  # the run or model whose layers are drawn
    MEASURED_ONLY = "measured_only"  # the study's measured points without the published ones
    # Confusion.
    SPLIT = "split"  # whose stored predictions
    LEVEL = "level"  # classes, or what they are rolled up to
    CONFUSION_VIEW = "confusion_view"
    ORDER = "order"  # of the species' bars
    CELL_COLOUR = "cell_colour"  # what the colour of a cell means
    MATRIX_OF = "matrix_of"  # all classes, or those most confused
    LISTED_SITE = "listed_site"  # whose pixels are listed, where several sites have them
    BLOCK = "block"  # classes of the clickable block
    PAIRS_OF = "pairs_of"  # significant pairs, or all that were seen
    SUPPORT = "support"  # surveys a pair must be seen at
    RECORDED = "recorded"  # recorded class of the surveys listed
    PREDICTED = "predicted"  # predicted class of the surveys listed
    # Scores and About the data.
    SCORES_SECTION = "scores_section"
    BOARD = "board"  # scores of different splits are never mixed
    METRIC = "metric"  # the measure a board shows
    RANK_BY = "rank_by"  # what a board is ordered by
    STUDY = "study"  # published one
    EFFORT = "effort"  # what the map of effort counts
    SPLIT_SCHEME = "split_scheme"  # whose folds are on the map
    CLASS_LEVEL = "class_level"  # of the hierarchy, at which classes are counted
    COUNTED_BY = "counted_by"  # source, or a split scheme
    BAND_INPUT = "band_input"  # input whose bands are drawn
    BANDS = "bands"  # against each other
    BAND_COLOUR = "band_colour"  # source, or a level of the hierarchy
    SEPARATION = "separation"  # bands whose distributions in two groups are drawn
    MAPPED_SITE = "mapped_site"  # whose mappers are compared
    MAPPER_LEVEL = "mapper_level"  # at which the agreement map and the confusion of mappers stand
    MAPPERS = "mappers"  # the two whose types are confused

    UPLOAD_KIND = "upload_kind"  # of files of one's own: records, rasters, series

    # Not in the address.
    PAGE = "page"  # that of the last run
    STANDS = "stands"  # the page whose first screen was drawn last
    VISITOR = "visitor"  # the secret of a browser that takes no cookies
    RECORDS_FROM = "records_from"  # a file, or GBIF
    GBIF = "gbif"  # the job that counts or downloads
    GBIF_NAMES = "gbif_names"
    GBIF_COUNTRY = "gbif_country"
    GBIF_BOX = "gbif_box"
    GBIF_YEARS = "gbif_years"
    RECORDS_UPLOAD = "records_upload"  # tables of records as stored
    PREDICTOR_RASTERS = "predictor_rasters"
    ROLE = "role"  # column of a role, followed by _ and the role
    CHANGED_ROLES = "changed_roles"  # role -> the column chosen by hand
    SWAP_XY = "swap_xy"  # longitude and latitude stand in each other's column
    MERGE_NAMES = "merge_names"  # whether spellings of one species are taken for one
    TYPED_CRS = "typed_crs"  # what the next held last: it stays while its box is hidden
    POSITIONS_CRS = "positions_crs"  # reference system of the positions
    TAKES = "takes"  # whether a filter is applied, followed by _ and its name
    ENVIRONMENT_FROM = "environment_from"  # what gives the predictors of records
    ENVIRONMENT_DATA = "environment_data"  # data set whose surveys give it
    BACKGROUND_KIND = "background_kind"
    BACKGROUND_SITES = "background_sites"
    UPLOAD = "upload"  # the files as stored, and which they were
    SERIES_UPLOAD = "series_upload"  # the same of series
    SERIES_FILES = "series_files"
    CLASSES_OF = "classes_of"  # the model whose classes series without classes can have
    RASTER_FILES = "raster_files"
    POLYGON_FILES = "polygon_files"
    CODE_COLUMN = "code_column"
    SITE_NAME = "site_name"
    SITES = "sites"  # those given before, with their files
    DATA_NAME = "data_name"
    NAMED_AFTER = "named_after"  # the file whose name the data set of records has
    SAMPLE = "sample"  # pixels, or images of a size
    TARGET = "target"  # classes or lime
    CLASSES_AT = "classes_at"  # level of the classes
    TRAIN_FIRST = "train_first"  # the model to train on what was just made
    IMPORT = "import"  # the job that makes a data set
    MAKING = "making"  # the simulated sites that were chosen in the list of data sets
    FOLDER = "folder"  # of a data set, chosen from the list
    FOLDER_PATH = "folder_path"  # typed by who sits at the machine
    FOLDER_PROBLEM = "folder_problem"  # why it was not opened
    FOLDER_SAID = "folder_said"  # what became of the last click, said once
    DELETED = "deleted"  # what was deleted last, or why it was not
    UNKNOWN_SPECIES = "unknown_species"  # whether a link named a species that the data set lacks
    LISTED_SURVEY = "listed_survey"  # the one picked of a list
    SELECTION_VERSION = "selection_version"  # how often a choice was made elsewhere than in a figure
    SURVEY_FILE = "survey_file"  # the list of surveys to predict
    BATCH = "batch"  # its prediction, in progress or done
    BATCH_MODEL = "batch_model"
    LOG_UPLOAD = "log_upload"
    UPLOADED_LOGS = "uploaded_logs"  # name -> curves
    REJECTED_LOGS = "rejected_logs"  # uploads that could not be read, and why
    TRAIN_MODEL = "train_model"
    SUBMISSION = "submission"  # the file to score
    SUBMISSION_NAME = "submission_name"
    SUBMISSION_STORED = "submission_stored"  # how storing it as a run went
    TOUR = "tour"  # the step of the tour; None when it is not shown
    SITE_SELECTED = "site_selected"  # that of the survey looked at
    MAP = "map"
    CLASS_MAP = "class_map"
    SPECIES_MAP = "species_map"
    EXPORT = "export"  # the zip of a species that was asked for
    MAP_MOVE = "map_move"  # where a box or a name moves the map
    MAP_MARK = "map_mark"  # the place that was marked when it was last drawn
    PLACE_SURVEY = "place_survey"  # survey and coordinates as they last stood together in the boxes
    PLACE_NAME = "place_name"
    FILTER_PANEL = "filter_panel"  # the panel of these widgets
    FILTER_PATCH = "filter_patch"
    FILTER_SPLITS = "filter_splits"
    FILTER_COUNTRIES = "filter_countries"
    FILTER_SOURCES = "filter_sources"
    FILTER_PUBLISHERS = "filter_publishers"
    FILTER_SPECIES = "filter_species"
    FILTER_YEARS = "filter_years"
    FILTER_RICHNESS = "filter_richness"


LINK: Final = "query-params"
"""For `bind=` of text, sliders and switches: the value is part of the page's address, and kept while other pages
are shown. Choices with labels: `sdm.ui.components.linked`."""

KEEP: Final = "session"
"""For `persist_state=`: the value is kept while other pages are shown, and no part of an address."""
