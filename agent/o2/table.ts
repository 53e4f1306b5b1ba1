// The table of commands, in the order in which the help shows them. Parser, help and completions are made from it.
import type { Command } from "./command.ts";
import { ALERT_COMMANDS } from "./commands/alerts.ts";
import { CHANGE_COMMANDS } from "./commands/change.ts";
import { FOLLOW_COMMANDS } from "./commands/follow.ts";
import { LOGIN_COMMANDS } from "./commands/login.ts";
import { LOOK_COMMANDS } from "./commands/look.ts";
import { PERSON_COMMANDS } from "./commands/person.ts";
import { completion, SHELLS } from "./completion.ts";
import { EXIT, usage } from "./failure.ts";

const COMPLETION: Command = {
  ...{ name: "completion", takes: SHELLS.join("|"), min: 1, max: 1, about: "print the completions of a shell", words: SHELLS, options: {} },
  run: async ({ out }, input) => {
    const shell = SHELLS.find((name) => name === input.words[0]);
    if (shell === undefined) throw usage(`o2 completion takes ${SHELLS.join(", ")}`);
    out.raw(completion(shell, COMMANDS));
    return EXIT.ok;
  },
};

export const COMMANDS: readonly Command[] = [
  ...CHANGE_COMMANDS,
  ...FOLLOW_COMMANDS,
  ...LOOK_COMMANDS,
  ...PERSON_COMMANDS,
  ...ALERT_COMMANDS,
  ...LOGIN_COMMANDS,
  COMPLETION,
];
