/**
 * Boosted trees: XGBoost and CatBoost models with their exact SHAP values, and the {@link dev.plaudit.trees.LikesModel}
 * built of eight of them. Knows no other module.
 */
package dev.plaudit.trees;
