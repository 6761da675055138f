import { stat } from 'node:fs/promises';
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
  const path = await findPage(rendererDirectory, url.pathname === '/' ? '/index.html' : url.pathname);
  if (path === undefined) return new Response('Not found', { status: 404 });
  const response = await fileResponse(path, pageTypes[extname(path)] ?? 'application/octet-stream', null);
  response.headers.set('content-security-policy', contentSecurityPolicy);
  // Built pages change with the app's version, under the same address.
  response.headers.set('cache-control', 'no-cache');
  return response;
}

/** Undefined for what is no file, lies outside the folder, or is not even a well-formed address. */
async function findPage(directory: string, pathname: string): Promise<string | undefined> {
  try {
    const path = join(directory, normalize(decodeURIComponent(pathname)));
    return path.startsWith(directory + sep) && (await stat(path)).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
