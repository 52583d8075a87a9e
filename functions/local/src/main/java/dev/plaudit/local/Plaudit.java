package dev.plaudit.local;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.inference.ModelException;
import dev.plaudit.tables.TableException;
import dev.plaudit.trees.TreeModelException;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
@QuarkusMain
@Command(
        name = "plaudit",
        description = "Predicts the likes of a company's post, and writes the posts that get them.",
        version = "Plaudit 1.0.0-SNAPSHOT",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        usageHelpAutoWidth = true,
        footerHeading = "%nExample:%n",
        subcommands = {
            ScoreCommand.class,
            BatchCommand.class,
            GenerateCommand.class,
            OptimizeCommand.class,
            LevelCommand.class,
            CaptionCommand.class,
            ReadCommand.class,
            ServeCommand.class,
            DemoCommand.class,
            TrainCommand.class,
            ImportCommand.class,
            EvaluateCommand.class,
            HelpCommand.class
        },
        footer = {
            "  plaudit score --company Oven --text \"We open at six\" --typical-likes 120",
            "  ./plaudit test                   # builds all, and runs every test",
            "  ./plaudit cluster                # runs each function as a process of its own"
        })
public final class Plaudit {
    /** Exit status: the caller's input is at fault. */
    static final int BAD_INPUT = 2;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of whatever goes wrong.")
    private boolean debug;

    @Option(
            names = "-D",
            scope = ScopeType.INHERIT,
            paramLabel = "SETTING=VALUE",
            description = "A setting, as in -Dplaudit.classify.threads=2.")
    void set(Map<String, String> settings) {
        settings.forEach(System::setProperty);
    }

    /** Runs a command; the process's exit status is 0 when done, 1 for a fault, 2 for wrong input. */
    public static void main(String[] args) {
        // Pictures and plots are drawn in memory: AWT is not to look for a display, which may be named and not be
        // there.
        System.setProperty("java.awt.headless", "true");
        System.exit(commandLine().execute(args));
    }

    /** A new command line; from here on numbers are written in English, as all else is. */
    static CommandLine commandLine() {
        Locale.setDefault(Locale.ENGLISH);
        Plaudit plaudit = new Plaudit();
        CommandLine commandLine = new CommandLine(plaudit).setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> plaudit.report(failure, command));
        commandLine.setParameterExceptionHandler((wrong, arguments) -> reportUsage(wrong));
        return commandLine;
    }

    private static int reportUsage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println(command.getColorScheme().errorText("plaudit: " + wrong.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(wrong, command.getErr())) {
            if (command.getSubcommands().isEmpty()) {
                command.getErr().println("See " + command.getCommandSpec().qualifiedName() + " --help");
            } else {
                command.usage(command.getErr());
            }
        }
        return BAD_INPUT;
    }

    private int report(Exception failure, CommandLine command) {
        if (debug) {
            failure.printStackTrace(command.getErr());
        }
        command.getErr().println(command.getColorScheme().errorText("plaudit: " + message(failure)));
        return isBadInput(failure) ? BAD_INPUT : CommandLine.ExitCode.SOFTWARE;
    }

    static boolean isBadInput(Exception failure) {
        return failure instanceof InvalidFieldException
                || failure instanceof TableException
                || failure instanceof ModelException
                || failure instanceof TreeModelException
                || failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof IllegalArgumentException;
    }

    private static String message(Exception failure) {
        return switch (failure) {
            case NoSuchFileException e -> "there is no file " + e.getMessage();
            case AccessDeniedException e -> "access to " + e.getMessage() + " is denied";
            case Exception e when e.getMessage() == null -> e.toString();
            default -> failure.getMessage();
        };
    }
}
