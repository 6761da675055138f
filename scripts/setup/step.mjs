/**
 * What a set-up step is. Steps run in order, on plain Node, before node_modules exists.
 *
 * @typedef {'start' | 'analyze' | 'worker' | 'test' | 'check' | 'bench' | 'package'} Purpose
 *
 * @typedef {object} SetupContext
 * @property {string} root Project folder, absolute.
 * @property {Purpose} purpose What the set-up is for: decides which steps run and what they insist on.
 * @property {boolean} retry True: failed downloads that are remembered are tried again.
 * @property {(text: string) => void} say One line for the reader, printed at once: for waits ("downloading ...").
 * @property {import('./run-command.mjs').Run} run Runs a program; its output is captured.
 * @property {import('./system-packages.mjs').SystemPackages} systemPackages Installs with apt or brew.
 *
 * @typedef {object} StepResult
 * @property {'found' | 'installed' | 'missing'} outcome
 * @property {string} detail What was found, installed or could not be.
 * @property {string} [cost] With `missing`: what does not work without it.
 * @property {boolean} [fatal] With `missing`: nothing after this step can work.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string} summary One line for `--list`.
 * @property {readonly Purpose[]} purposes
 * @property {(context: SetupContext) => Promise<StepResult>} prepare
 */
export {};
