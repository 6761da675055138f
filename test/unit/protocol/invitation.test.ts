import { describe, expect, it } from 'vitest';
import { decodeInvitation, encodeInvitation, type Invitation } from '../../../worker/protocol/invitation.ts';
import { invitationAsSvg, invitationForTerminal } from '../../../worker/protocol/invitation-code.ts';
import { protocolVersion } from '../../../worker/protocol/version.ts';

const token = `0123456789ab.${'Zz_-'.repeat(10)}abc`;
const invitation: Invitation = {
  server: { host: 'clips.example.org', port: 7443 },
  team: 'aces',
  token,
  pin: 'p'.repeat(43),
  redis: { kind: 'server', host: 'clips.example.org', port: 7444, tls: true },
  protocolVersion,
  expiresAt: 2_000_000_000_000,
};
const now = 1_900_000_000_000;

describe('invitation', () => {
  it.each<[string, Partial<Invitation>]>([
    ['of a server', {}],
    ['with a database', { redis: { kind: 'server', host: 'other', port: 1, tls: false, db: 3 } }],
    [
      'of a sentinel',
      {
        redis: {
          kind: 'sentinel',
          name: 'm',
          sentinels: [
            { host: 'a', port: 1 },
            { host: 'clips.example.org', port: 2 },
          ],
          tls: true,
        },
      },
    ],
    [
      'of a cluster',
      {
        redis: {
          kind: 'cluster',
          nodes: [
            { host: '10.0.0.1', port: 1 },
            { host: '::1', port: 2 },
          ],
          tls: false,
        },
      },
    ],
    [
      'of an IPv6 address',
      { server: { host: 'fe80::1', port: 7443 }, redis: { kind: 'server', host: 'fe80::1', port: 2, tls: true } },
    ],
  ])('comes back as it went: %s', (_name, change) => {
    const given = { ...invitation, ...change };
    expect(decodeInvitation(encodeInvitation(given), now)).toEqual(given);
  });

  it('comes back without a pin, and without an end', () => {
    const { pin: _pin, expiresAt: _expiresAt, ...bare } = invitation;
    expect(decodeInvitation(encodeInvitation(bare))).toEqual(bare);
  });

  it('is short enough for a code that a telephone reads', () => {
    expect(encodeInvitation(invitation).length).toBeLessThan(350);
  });

  it('survives the line breaks of a mail', () => {
    const link = encodeInvitation(invitation);
    expect(
      decodeInvitation(
        `  ${link.slice(0, 76)}\r\n${link.slice(76, 152)}\n > `.replace(' > ', '') + link.slice(152),
        now,
      ),
    ).toEqual(invitation);
  });

  it('says that a letter is wrong or missing, wherever it is', () => {
    const link = encodeInvitation(invitation);
    const start = 'shadow-trainer://join/1.'.length;
    for (let i = start; i < link.length; i++) {
      const other = link[i] === 'A' ? 'B' : 'A';
      expect(() => decodeInvitation(link.slice(0, i) + other + link.slice(i + 1), now)).toThrow(
        expect.objectContaining({ code: 'INVALID_INPUT' }),
      );
      expect(() => decodeInvitation(link.slice(0, i) + link.slice(i + 1), now)).toThrow(
        expect.objectContaining({ code: 'INVALID_INPUT' }),
      );
    }
    for (const text of ['', 'https://example.org', 'shadow-trainer://join/', 'x'.repeat(10_000)])
      expect(() => decodeInvitation(text, now)).toThrow(/no invitation/);
  });

  it('says which side is too old', () => {
    const newer = encodeInvitation({ ...invitation, protocolVersion: protocolVersion + 1 });
    expect(() => decodeInvitation(newer, now)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_MISMATCH', message: expect.stringContaining('on this computer') }),
    );
    const nextFormat = encodeInvitation(invitation).replace('join/1.', 'join/2.');
    expect(() => decodeInvitation(nextFormat, now)).toThrow(/on this computer/);
  });

  it('says that it has expired', () => {
    expect(() => decodeInvitation(encodeInvitation(invitation), 2_000_000_000_001)).toThrow(
      expect.objectContaining({ code: 'TEAM_REFUSED' }),
    );
  });
});

describe('the code of an invitation', () => {
  it('is drawn for a terminal and for a window', () => {
    const link = encodeInvitation(invitation);
    const lines = invitationForTerminal(link).split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines.length).toBeLessThan(45);
    expect(invitationAsSvg(link)).toMatch(/^<svg [\s\S]*<\/svg>$/);
  });
});
