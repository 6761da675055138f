/** A reader of Prometheus' text format 0.0.4 that is as strict as its description. */

export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ReadFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: ReadSample[];
}

const samplePattern = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (NaN|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const labelPattern = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|$)/y;

/** Throws on the first line that is not allowed where it stands. */
export function readPrometheus(text: string): ReadFamily[] {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.');
  const families: ReadFamily[] = [];
  const lines = text.slice(0, -1).split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const [, name, help] = /^# HELP (\S+) (.+)$/.exec(line) ?? [];
    if (name !== undefined && help !== undefined) {
      const [, typed, type] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(lines[++i] ?? '') ?? [];
      if (typed !== name || type === undefined) throw new Error(`No type after the help of ${name}.`);
      if (families.some((family) => family.name === name)) throw new Error(`${name} comes twice.`);
      families.push({ name, help, type, samples: [] });
      continue;
    }
    const family = families.at(-1);
    const sample = readSample(line);
    const base = family?.type === 'histogram' ? sample.name.replace(/_(bucket|sum|count)$/, '') : sample.name;
    if (family === undefined || base !== family.name) throw new Error(`Out of place: ${line}`);
    const identity = JSON.stringify([sample.name, sample.labels]);
    if (family.samples.some((other) => JSON.stringify([other.name, other.labels]) === identity))
      throw new Error(`Twice: ${line}`);
    family.samples.push(sample);
  }
  return families;
}

function readSample(line: string): ReadSample {
  const [, name, labelText, value] = samplePattern.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`No sample: ${line}`);
  const labels: Record<string, string> = {};
  labelPattern.lastIndex = 0;
  while (labelText !== undefined && labelPattern.lastIndex < labelText.length) {
    const [, label, escaped] = labelPattern.exec(labelText) ?? [];
    if (label === undefined || escaped === undefined) throw new Error(`Bad labels: ${line}`);
    labels[label] = escaped.replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}
