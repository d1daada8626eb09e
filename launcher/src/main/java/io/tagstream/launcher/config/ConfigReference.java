package io.tagstream.launcher.config;

/** Writes the reference page of all settings, as Markdown, from the settings themselves. */
public final class ConfigReference {

  private ConfigReference() {}

  /** The page. */
  public static String markdown() {
    StringBuilder page = new StringBuilder(8_192);
    page.append("# Settings\n\n")
        .append("One YAML file; `a: {b: 1}` and `a.b: 1` say the same. ")
        .append("`tagstream validate --config FILE` names every mistake at once.\n");
    for (OptionRegistry.Section section : OptionRegistry.sections()) {
      page.append("\n## ").append(section.title()).append("\n\n");
      page.append("| key | default | value | what it does |\n| --- | --- | --- | --- |\n");
      for (Setting<?> setting : section.settings()) {
        page.append("| `")
            .append(setting.key())
            .append("` | ")
            .append(defaultCell(setting))
            .append(" | ")
            .append(cell(constraint(setting)))
            .append(" | ")
            .append(cell(setting.summary()))
            .append(" |\n");
      }
    }
    return page.toString();
  }

  private static String defaultCell(Setting<?> setting) {
    String text = setting.defaultText();
    return text.isEmpty() ? "(empty)" : "`" + text + "`";
  }

  private static <T> String constraint(Setting<T> setting) {
    StringBuilder text = new StringBuilder(setting.type().label());
    for (Rule<T> rule : setting.rules()) {
      text.append("; ").append(rule.text());
    }
    return text.toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
