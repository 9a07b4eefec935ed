// Completion scripts for three shells. They hold every word themselves, so that a keystroke starts no
// process; a new version of the program needs a new script.

export interface Word {
  name: string;
  summary: string;
  /** Of a flag that takes a value: what can be offered. */
  values?: readonly string[];
  /** What may stand after a command. */
  after?: readonly Word[];
}

const HEAD = '# Made by `kindred completion`; make it again after an update.';

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A description in one short line, without what a shell would read in it. */
const brief = (text: string): string =>
  (text.split(/(?<=\.) /)[0] ?? '').replace(/[`'":\\$[\]]/g, '').slice(0, 70);

const namesOf = (words: readonly Word[]): string => words.map(({ name }) => name).join(' ');

const withValues = (command: Word): readonly Word[] =>
  (command.after ?? []).filter(({ values }) => values !== undefined);

const bash = (commands: readonly Word[]): string => {
  const values = commands.flatMap((command) =>
    withValues(command).map(
      (flag) =>
        `    ${quote(`${command.name} ${flag.name}`)}) words=${quote(flag.values!.join(' '))} ;;\n`,
    ),
  );
  const flags = commands.map(
    (command) => `    ${quote(command.name)}) words=${quote(namesOf(command.after ?? []))} ;;\n`,
  );
  return `${HEAD}
_kindred() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}" words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quote(namesOf(commands))} -- "$word"))
    return
  fi
  case "$command $previous" in
${values.join('')}    *) case "$command" in
${flags.join('')}    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _kindred kindred
`;
};

const zsh = (commands: readonly Word[]): string => {
  const described = (words: readonly Word[]): string =>
    words.map(({ name, summary }) => quote(`${name}:${brief(summary)}`)).join(' ');
  const values = commands.flatMap((command) =>
    withValues(command)
      .filter((flag) => flag.values!.length > 0)
      .map(
        (flag) =>
          `    ${quote(`${command.name} ${flag.name}`)}) compadd -- ${flag.values!.join(' ')}; return ;;\n`,
      ),
  );
  const flags = commands.map(
    (command) => `    ${quote(command.name)}) found=(${described(command.after ?? [])}) ;;\n`,
  );
  return `#compdef kindred
${HEAD}
_kindred() {
  local -a found
  if (( CURRENT == 2 )); then
    found=(${described(commands)})
    _describe command found
    return
  fi
  case "\${words[2]} \${words[CURRENT-1]}" in
${values.join('')}  esac
  case "\${words[2]}" in
${flags.join('')}  esac
  _describe flag found
}
compdef _kindred kindred
`;
};

const fish = (commands: readonly Word[]): string => {
  const line = (condition: string, { name, summary, values }: Word): string => {
    const word = name.startsWith('--') ? `-l ${name.slice(2)}` : `-f -a ${name}`;
    const offered =
      values === undefined
        ? ''
        : ` -x${values.length === 0 ? '' : ` -a ${quote(values.join(' '))}`}`;
    return `complete -c kindred -n ${quote(condition)} ${word}${offered} -d ${quote(brief(summary))}\n`;
  };
  const lines = commands.flatMap((command) => [
    line('__fish_use_subcommand', command),
    ...(command.after ?? []).map((word) =>
      line(`__fish_seen_subcommand_from ${command.name}`, word),
    ),
  ]);
  return `${HEAD}\n${lines.join('')}`;
};

export const SCRIPTS = { bash, zsh, fish } as const;
export type Shell = keyof typeof SCRIPTS;
