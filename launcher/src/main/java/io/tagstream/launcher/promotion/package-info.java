/** Which of several models publishes: the command that changes it, and its confirmation. */
@NullMarked
package io.tagstream.launcher.promotion;

import org.jspecify.annotations.NullMarked;
