/** The one door: takes posts over HTTP, sends them along the route, and answers with what comes back. */
package dev.plaudit.gateway;
