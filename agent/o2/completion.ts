// Completions for bash, zsh and fish, made from the table of commands. Pure: the scripts ask nobody.
import { optionsOf } from "./arguments.ts";
import type { Command } from "./command.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow a command: its options, and its fixed words. */
export function wordsOf(command: Command): string[] {
  return [...(command.words ?? []), ...Object.keys(optionsOf(command)).map((name) => `--${name}`)];
}

function valueWords(command: Command): [string, readonly string[]][] {
  return Object.entries(optionsOf(command)).flatMap(([name, { words }]) =>
    words === undefined ? [] : [[name, words] as [string, readonly string[]]],
  );
}

export function completion(shell: Shell, commands: readonly Command[]): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return `#compdef o2\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
  }
}

/** zsh reads the same function through bashcompinit. */
function bash(commands: readonly Command[]): string {
  const values = commands.flatMap((command) =>
    valueWords(command).map(([name, words]) => `    ${command.name}:--${name}) words="${words.join(" ")}" ;;`),
  );
  const options = commands.map((command) => `    ${command.name}) words="${wordsOf(command).join(" ")}" ;;`);
  return `# o2: add to your shell with  source <(o2 completion bash)
_o2() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "$command:$previous" in
${values.join("\n")}
  esac
  if [ -z "$words" ]; then
    case "$command" in
${options.join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _o2 o2
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const after = `complete -c o2 -n '__fish_seen_subcommand_from ${command.name}'`;
    const options = Object.entries(optionsOf(command)).map(([name, { about, value, words }]) => {
      const takes = value === undefined ? "" : words === undefined ? " -r" : ` -x -a ${quoted(words.join(" "))}`;
      return `${after} -l ${name}${takes} -d ${quoted(about)}`;
    });
    const words = command.words === undefined ? [] : [`${after} -a ${quoted(command.words.join(" "))}`];
    return [`complete -c o2 -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.about)}`, ...words, ...options];
  });
  return `# o2: save as ~/.config/fish/completions/o2.fish\ncomplete -c o2 -f\n${lines.join("\n")}\n`;
}
