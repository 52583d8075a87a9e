/**
 * OPT, a decoder-only language model with learned positions.
 *
 * @see <a href="https://arxiv.org/abs/2205.01068">Zhang et al., OPT: Open Pre-trained Transformer Language Models</a>
 */
package dev.plaudit.inference.opt;
