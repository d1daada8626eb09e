/**
 * Benchmarks that a person can repeat: each has a name, a target and its figures.
 *
 * <p>In: nothing but options. Out: figures by name. A benchmark builds its own input; timings never
 * decide whether a build is green.
 */
@NullMarked
package io.tagstream.launcher.bench;

import org.jspecify.annotations.NullMarked;
