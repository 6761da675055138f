/** What a browser without a session gets, and all that it gets: a page of its own, without a script. */
export interface SignInPage {
  /** Of a one-time link; the page then only asks to be told to go on, so that a preview of the link spends nothing. */
  readonly code?: string;
  /** Why the last attempt failed. */
  readonly problem?: string;
}

export const signInPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export function signInPage({ code, problem }: SignInPage): string {
  const said = problem === undefined ? '' : `<p role="alert" class="problem">${escapeHtml(problem)}</p>`;
  const fields =
    code === undefined
      ? `<label for="token">Token or invitation</label>
      <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required autofocus>
      <p class="quiet">An operator of the team gives out invitations. Whoever may look at the monitor can sign in.</p>`
      : `<input type="hidden" name="code" value="${escapeHtml(code)}">
      <p class="quiet">This link signs in one browser, once.</p>`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="dark light">
    <title>Sign in – Shadow Trainer</title>
    <style>${style}</style>
  </head>
  <body>
    <form method="post" action="/sign-in">
      <h1>Shadow Trainer monitor</h1>
      ${said}
      ${fields}
      <button>Sign in</button>
    </form>
  </body>
</html>
`;
}

/** The window's colours: this page must stand alone, before anything else may be read. */
const style = `
  :root { --window: #131517; --field: #0c0d0f; --line: #464b51; --text: #eef0f2; --quiet: #979da5;
    --accent: #4d8dff; --on-accent: #06122b; --problem: #ff7a6b; }
  @media (prefers-color-scheme: light) { :root { --window: #f5f6f7; --field: #fff; --line: #b1b7bd; --text: #16191c;
    --quiet: #5b626a; --accent: #1b5fd9; --on-accent: #fff; --problem: #b3261e; } }
  body { display: grid; place-items: center; min-height: 100vh; margin: 0; background: var(--window);
    color: var(--text); font: 13px/20px system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
  form { display: flex; flex-direction: column; gap: 8px; width: min(360px, calc(100vw - 48px)); }
  h1 { margin: 0 0 8px; font-size: 15px; font-weight: 600; }
  p { margin: 0; }
  input, button { box-sizing: border-box; width: 100%; height: 36px; padding: 0 12px; border: 1px solid var(--line);
    border-radius: 4px; background: var(--field); color: inherit; font: inherit; }
  button { margin-top: 8px; border-color: transparent; background: var(--accent); color: var(--on-accent);
    font-weight: 600; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
  .quiet { color: var(--quiet); font-size: 12px; line-height: 16px; }
  .problem { padding-left: 9px; border-left: 3px solid var(--problem); }
`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
