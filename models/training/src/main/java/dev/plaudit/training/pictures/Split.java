package dev.plaudit.training.pictures;

/** What a picture is for: the two know no pictogram and no typeface of each other. */
public enum Split {
    TRAIN,
    VALIDATION
}
