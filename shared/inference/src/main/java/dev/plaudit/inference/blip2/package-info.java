/**
 * BLIP-2: a vision transformer, a querying transformer (Q-Former) that draws from it what a language model is to know, and
 * that language model.
 *
 * @see <a href="https://arxiv.org/abs/2301.12597">Li et al., BLIP-2</a>, sections 3.1 and 3.3
 */
package dev.plaudit.inference.blip2;
