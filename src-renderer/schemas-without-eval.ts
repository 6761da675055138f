/**
 * Must be imported before anything that makes schemas: they would otherwise try to compile code at run time, which the
 * page's content policy forbids and reports.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
