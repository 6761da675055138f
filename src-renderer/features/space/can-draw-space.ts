/** Whether this computer draws in three dimensions: WebGL 2 is there and switched on. Asked once. */
export function canDrawSpace(): boolean {
  answer ??= ask();
  return answer;
}

let answer: boolean | undefined;

function ask(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  // Browsers keep only a few contexts: this one is let go at once.
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
