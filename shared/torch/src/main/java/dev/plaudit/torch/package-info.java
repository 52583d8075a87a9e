/** Language models that somebody exported as TorchScript, run by PyTorch through DJL. */
package dev.plaudit.torch;
