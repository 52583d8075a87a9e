package dev.plaudit.training.pictures;

/** What a picture is for: the two know no pictogram, no typeface and no caption of each other. */
public enum Split {
    TRAIN,
    VALIDATION
}
