/**
 * Boosted trees: XGBoost and CatBoost models with their exact SHAP values, and the {@link dev.plaudit.trees.LikesModel}
 * built of seven of them. Knows no other module.
 */
package dev.plaudit.trees;
