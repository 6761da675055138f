import { describe, expect, it } from 'vitest';
import { invitationIn } from '../../../src-main/hosts/electron/invitation-links.ts';

const link = 'shadow-trainer://join/1.abc.00000000';

describe('invitationIn', () => {
  it('finds a link among the arguments of a process, and nothing else', () => {
    expect(invitationIn(['/usr/bin/shadow-trainer', '--data-directory', '/data', link])).toBe(link);
    expect(invitationIn(['shadow-trainer', '/data/join', 'https://host/join/1'])).toBeUndefined();
    expect(invitationIn(['shadow-trainer://quit/now'])).toBeUndefined();
    expect(invitationIn([`${link}${'x'.repeat(5000)}`])).toBeUndefined();
  });
});
