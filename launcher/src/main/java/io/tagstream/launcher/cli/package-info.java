/**
 * The command line: one class per subcommand, exit codes, terminal output.
 *
 * <p>In: arguments. Out: text for people or, with {@code --json}, one JSON object per line; exit
 * code 0 for success, 1 for failure, 2 for a wrong configuration or usage. Commands call the other
 * packages of the launcher; they hold no logic of their own worth testing without a terminal.
 */
@NullMarked
package io.tagstream.launcher.cli;

import org.jspecify.annotations.NullMarked;
