/** Every function in one JVM: the command line, and the gateway with all functions behind it. */
package dev.plaudit.local;
