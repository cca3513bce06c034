import { Command } from '@commander-js/extra-typings';
import { diagnose } from '../diagnosis.js';
import { examples, jsonOption, runsOption } from '../options.js';
import { findingText } from '../render/findings.js';
import { colorsOf, print, printJson } from '../terminal.js';

/** What works on this machine, and why the rest does not. */
export function doctorCommand() {
  return new Command('doctor')
    .summary('check what works on this machine')
    .description(
      'Checks what works on this machine: engines and their devices, data, disk; and says why the rest does not.',
    )
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('tickets doctor', 'tickets doctor --json'))
    .action(async ({ runs, json }) => {
      const findings = await diagnose(runs);
      if (json) printJson(findings);
      else for (const finding of findings) print(findingText(finding, colorsOf(process.stdout)));
      const broken = findings.filter(({ status }) => status === 'broken');
      if (broken.length > 0) throw new Error(`not ready: ${broken.map(({ name }) => name).join(', ')}`);
    });
}
