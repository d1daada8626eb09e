/**
 * What must be right on a machine before anything else can be: each check says what it found and
 * what to do.
 *
 * <p>In: a configuration. Out: findings. Nothing is changed.
 */
@NullMarked
package io.tagstream.launcher.doctor;

import org.jspecify.annotations.NullMarked;
