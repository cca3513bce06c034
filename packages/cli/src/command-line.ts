/** The command as a user would type it again. */
export function commandLine(
  args: readonly string[] = process.argv.slice(2),
  lifecycle: string | undefined = process.env['npm_lifecycle_event'],
): string {
  const quoted = args.map(quote);
  if (lifecycle === 'tickets') return ['npm run tickets --', ...quoted].join(' ');
  if (lifecycle === 'start') {
    // The script itself says `run quick`.
    const added = quoted.slice(2);
    return ['npm start', ...(added.length > 0 ? ['--', ...added] : [])].join(' ');
  }
  return ['tickets', ...quoted].join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
