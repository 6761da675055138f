import { access } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { App } from '../../core/app.ts';
import { contentSecurityPolicy } from '../content-security-policy.ts';
import { fileResponse } from '../file-response.ts';
import { findStoredFile } from '../stored-files.ts';

const pageTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** Answers the window's own scheme: its pages from one folder, stored files by their hash, nothing else. */
export async function pageResponse(app: App, rendererDirectory: string, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const stored = await findStoredFile(app, url);
  if (stored) return await fileResponse(stored.path, stored.mediaType, request.headers.get('range'));
  const relative = normalize(decodeURIComponent(url.pathname === '/' ? '/index.html' : url.pathname));
  const path = join(rendererDirectory, relative);
  const isInside = path.startsWith(rendererDirectory + sep);
  const isThere =
    isInside &&
    (await access(path).then(
      () => true,
      () => false,
    ));
  if (!isThere) return new Response('Not found', { status: 404 });
  const response = await fileResponse(path, pageTypes[extname(path)] ?? 'application/octet-stream', null);
  response.headers.set('content-security-policy', contentSecurityPolicy);
  // Built pages change with the app's version, under the same address.
  response.headers.set('cache-control', 'no-cache');
  return response;
}
