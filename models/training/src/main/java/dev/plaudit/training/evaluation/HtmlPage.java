package dev.plaudit.training.evaluation;

import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** A page that needs nothing else: the look that reports have in common. */
record HtmlPage(String title, SequencedMap<String, String> facts, String body) {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            <style>
            :root { color-scheme: light dark; --ground: #fff; --text: #1d2430; --quiet: #5b6575; --line: #dfe3ea;
              --accent: #c2410c; --shade-1: #c7dbf5; --shade-2: #7fb0ea; --shade-3: #3a7bd0; --shade-4: #123f82;
              --heat: 37 99 235; }
            @media (prefers-color-scheme: dark) { :root { --ground: #12161d; --text: #e6e9ef; --quiet: #98a2b3;
              --line: #2b3340; --accent: #fb923c; --shade-1: #1f3a5f; --shade-2: #2f63a8; --shade-3: #5b9bea;
              --shade-4: #c9e0ff; --heat: 96 165 250; } }
            body { background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; margin: 0 auto;
              max-width: 68rem; padding: 2rem 1.25rem 4rem; }
            h1 { font-size: 1.75rem; margin: 0 0 1rem; }
            h2 { border-top: 1px solid var(--line); font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: 1.5rem; }
            dl { display: grid; gap: .15rem 1rem; grid-template-columns: max-content 1fr; margin: 0; }
            dt, figcaption, .quiet { color: var(--quiet); }
            dd { margin: 0; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { border-bottom: 1px solid var(--line); padding: .35rem .7rem; text-align: right; white-space: nowrap; }
            th { color: var(--quiet); font-weight: 500; }
            th:first-child, td:first-child { text-align: left; }
            .metrics tbody tr:first-child { font-weight: 600; }
            .plots { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%%), 1fr));
              margin-top: 1.5rem; }
            figure { margin: 0; min-width: 0; }
            figure svg { display: block; height: auto; width: 100%%; }
            .heat td { background: rgb(var(--heat) / var(--share)); min-width: 2.5rem; }
            .heat td, .heat th { font-size: .85rem; padding: .35rem .4rem; text-align: center; }
            </style>
            </head>
            <body>
            <h1>%1$s</h1>
            <dl>
            %2$s
            </dl>
            %3$s
            </body>
            </html>
            """;

    String text() {
        String list = facts.entrySet().stream().map(HtmlPage::fact).collect(Collectors.joining("\n"));
        return PAGE.formatted(escape(title), list, body);
    }

    private static String fact(Map.Entry<String, String> fact) {
        return "<dt>%s</dt><dd>%s</dd>".formatted(escape(fact.getKey()), escape(fact.getValue()));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
