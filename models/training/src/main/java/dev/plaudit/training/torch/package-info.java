/**
 * Opens every PyTorch operator to Java: TorchScript source becomes an archive that DJL loads and runs, gradients
 * included. One call runs a whole training step, where calling operators one by one would cost more than the small
 * models themselves.
 */
package dev.plaudit.training.torch;
