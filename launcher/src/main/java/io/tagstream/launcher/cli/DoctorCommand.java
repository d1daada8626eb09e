package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.doctor.Doctor;
import io.tagstream.launcher.doctor.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code tagstream doctor}: will it run here? */
@Command(
    name = "doctor",
    description = "Looks at this machine and the configured broker; changes nothing.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nothing stands in the way", "1:a check failed", "2:wrong configuration"},
    footerHeading = "%nExample:%n",
    footer = "  tagstream doctor --config tagstream.yaml")
final class DoctorCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;
  @Mixin private ConfigFile config;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  DoctorCommand() {}

  @Override
  public Integer call() throws Exception {
    TagstreamConfig loaded = config.load();
    Path folder = RunFolder.current().path();
    List<Finding> findings = new ArrayList<>(Doctor.machine(folder));
    findings.add(Doctor.tensorEngine(loaded));
    findings.add(Doctor.broker(loaded));
    Terminal terminal = root.terminal();
    for (Finding finding : findings) {
      terminal.object(finding);
      terminal.line(
          String.format(
              "%-8s %-14s %s",
              finding.state().name().toLowerCase(Locale.ROOT), finding.check(), finding.detail()));
    }
    return findings.stream().noneMatch(f -> f.state() == Finding.State.FAILED)
        ? ExitCode.OK
        : ExitCode.FAILURE;
  }
}
