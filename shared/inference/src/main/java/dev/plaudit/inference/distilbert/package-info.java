/**
 * DistilBERT for sequence classification.
 *
 * @see <a href="https://arxiv.org/abs/1910.01108">Sanh et al., DistilBERT, a distilled version of BERT</a>
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al., BERT</a>, section 3 and appendix A
 */
package dev.plaudit.inference.distilbert;
