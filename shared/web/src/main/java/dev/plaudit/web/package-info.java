/** Calls to addresses that a caller gave, who may be hostile. */
package dev.plaudit.web;
