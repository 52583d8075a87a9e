package dev.plaudit.inference;

/**
 * A model folder that cannot be used: something in it is missing, damaged or does not match the rest. The message is
 * one sentence for the person who put the folder there; it names the file and the tensor or field at fault.
 */
public final class ModelException extends RuntimeException {
    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
