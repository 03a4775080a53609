package io.blockmover.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/**
 * The commands there are. Looking at the annotations of all of them takes longer than most commands
 * run, so that only the one that was asked for is looked at.
 */
final class Commands {

  private static final Map<String, Supplier<Object>> ALL = new LinkedHashMap<>();
  private static final Map<String, String> ALIASES =
      Map.of("snapshots", "list", "check", "verify", "prune", "gc");

  static {
    ALL.put("init", InitCommand::new);
    ALL.put("backup", BackupCommand::new);
    ALL.put("restore", RestoreCommand::new);
    ALL.put("dump", DumpCommand::new);
    ALL.put("export", ExportCommand::new);
    ALL.put("import", ImportCommand::new);
    ALL.put("list", ListCommand::new);
    ALL.put("show", ShowCommand::new);
    ALL.put("diff", DiffCommand::new);
    ALL.put("verify", VerifyCommand::new);
    ALL.put("forget", ForgetCommand::new);
    ALL.put("gc", GcCommand::new);
    ALL.put("copy", CopyCommand::new);
    ALL.put("keys", KeysCommand::new);
    ALL.put("cbt", CbtCommand::new);
    ALL.put("rbd", RbdCommand::new);
    ALL.put("controller", ControllerCommand::new);
    ALL.put("drain", DrainCommand::new);
    ALL.put("doctor", DoctorCommand::new);
    ALL.put("pod", PodCommand::new);
    ALL.put("bench", BenchCommand::new);
    ALL.put("demo", DemoCommand::new);
    ALL.put("version", VersionCommand::new);
    ALL.put("help", HelpCommand::new);
    ALL.put("generate-completion", GenerateCompletion::new);
  }

  private Commands() {}

  /** Adds the command that the first argument names; all of them if it names none or needs all. */
  static void add(CommandLine line, String... arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    String name = ALIASES.getOrDefault(first, first);
    Supplier<Object> wanted = ALL.get(name);
    if (wanted == null || name.equals("help") || name.equals("generate-completion")) {
      ALL.forEach((each, command) -> line.addSubcommand(each, command.get()));
    } else {
      line.addSubcommand(name, wanted.get());
    }
  }
}
