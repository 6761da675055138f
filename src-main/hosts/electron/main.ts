/** The desktop app: one window over the core. */
import { join } from 'node:path';
import {
  BrowserWindow,
  dialog,
  app as electronApp,
  ipcMain,
  Menu,
  Notification,
  powerMonitor,
  protocol,
  session,
  shell,
} from 'electron';
import { toFailure } from '../../../worker/protocol/errors.ts';
import { appPaths } from '../../app-paths.ts';
import type { App } from '../../core/app.ts';
import { createFileRegistry } from '../file-registry.ts';
import { readHostOptions, startApp } from '../start-app.ts';
import { scheme } from './channels.ts';
import { createDesktopMachine } from './desktop-machine.ts';
import { installHandlers } from './handlers.ts';
import { invitationIn, invitationScheme } from './invitation-links.ts';
import { menuTemplate } from './menu.ts';
import { showNotices } from './notices.ts';
import { pageResponse } from './page-response.ts';

protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

const options = readHostOptions(process.argv.slice(1));
// One instance per data folder, not per machine.
electronApp.setPath('userData', join(options.dataDirectory, 'electron'));

const log = (line: string): void => console.error(line);
let core: App | undefined;
let window: BrowserWindow | undefined;
const shownNotifications = new Set<Notification>();
let mayQuit = false;
let isWindowReady = false;
/** An invitation that was opened outside of the window. */
let opened = invitationIn(process.argv);

if (electronApp.requestSingleInstanceLock()) {
  electronApp.setAsDefaultProtocolClient(invitationScheme);
  electronApp.on('second-instance', (_event, args) => {
    showWindow();
    receive(invitationIn(args));
  });
  electronApp.on('open-url', (event, url) => {
    event.preventDefault();
    showWindow();
    receive(invitationIn([url]));
  });
  electronApp.on('window-all-closed', () => electronApp.quit());
  // Workers hand back what they hold, and Redis writes its file, before the process ends.
  electronApp.on('before-quit', (event) => {
    if (mayQuit || core === undefined) return;
    event.preventDefault();
    const stopping = core;
    core = undefined;
    stopping.stop().finally(() => {
      mayQuit = true;
      electronApp.quit();
    });
  });
  electronApp.whenReady().then(open).catch(refuse);
} else {
  electronApp.quit();
}

function showWindow(): void {
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

/** Kept until the window can hear of it. */
function receive(invitation: string | undefined): void {
  opened = invitation ?? opened;
  if (opened === undefined || !isWindowReady) return;
  core?.events.emit('team.invited', { invitation: opened });
  opened = undefined;
}

async function open(): Promise<void> {
  const files = createFileRegistry();
  const app = await startApp('electron', options, files, createDesktopMachine(powerMonitor));
  core = app;
  protocol.handle(scheme, (request) => pageResponse(app, appPaths.rendererDirectory, request));
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === 'fullscreen' || permission === 'clipboard-sanitized-write'),
  );
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform)));
  window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: '#161615',
    webPreferences: { preload: appPaths.preloadScript, sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  window.once('ready-to-show', () => window?.show());
  window.webContents.setWindowOpenHandler(({ url }) => {
    if (url.startsWith('https://')) void shell.openExternal(url);
    return { action: 'deny' };
  });
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  installHandlers({ ipcMain, dialog, app, files, webContents: window.webContents, onLog: log });
  showNotices({
    events: app.events,
    window,
    isSupported: () => Notification.isSupported(),
    notify(options, onClick) {
      const notification = new Notification(options);
      // Kept until it is gone: collected before that, it would not answer a click.
      shownNotifications.add(notification);
      notification.on('close', () => shownNotifications.delete(notification));
      notification.on('click', onClick);
      notification.show();
    },
  });
  await window.loadURL(`${scheme}://app/`);
  app.events.repeatProblems();
  isWindowReady = true;
  receive(undefined);
}

function refuse(error: unknown): void {
  dialog.showErrorBox('Shadow Trainer cannot start', toFailure(error).message);
  electronApp.exit(1);
}
