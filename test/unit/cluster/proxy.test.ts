import { describe, expect, it } from 'vitest';
import { proxyFromEnvironment } from '../../../src/cluster/proxy.ts';

const proxy = 'http://proxy:3128';

describe('proxyFromEnvironment', () => {
  it.each([
    ['https://k8s.example.com:6443', { HTTPS_PROXY: proxy }, proxy],
    ['https://k8s.example.com:6443', { https_proxy: proxy }, proxy],
    ['https://k8s.example.com:6443', { HTTPS_PROXY: 'proxy:3128' }, proxy],
    ['https://k8s.example.com:6443', { HTTP_PROXY: proxy }, undefined],
    ['http://k8s.example.com:8080', { HTTP_PROXY: proxy, HTTPS_PROXY: 'http://other' }, proxy],
    ['https://127.0.0.1:6443', { HTTPS_PROXY: proxy }, undefined],
    ['https://localhost:6443', { HTTPS_PROXY: proxy }, undefined],
    ['https://[::1]:6443', { HTTPS_PROXY: proxy }, undefined],
    ['https://k8s.example.com', {}, undefined],
  ])('for %s with %j is %s', (server, env, expected) => {
    expect(proxyFromEnvironment(new URL(server), env)).toBe(expected);
  });

  it.each([
    ['example.com', 'https://k8s.example.com', true],
    ['.example.com', 'https://k8s.example.com', true],
    ['.example.com', 'https://example.com', false],
    ['*.example.com', 'https://k8s.example.com', true],
    ['ample.com', 'https://k8s.example.com', false],
    ['K8S.Example.com', 'https://k8s.example.com', true],
    ['10.0.0.0/8', 'https://10.1.2.3:6443', true],
    ['10.0.0.0/8', 'https://11.1.2.3:6443', false],
    ['10.0.0.0/8', 'https://k8s.example.com', false],
    ['10.0.0.0/99', 'https://10.1.2.3:6443', false],
    ['fd00::/8', 'https://[fd00::1]:6443', true],
    ['10.1.2.3', 'https://10.1.2.3:6443', true],
    ['2.3', 'https://10.1.2.3:6443', false],
    ['10.1.2.3:443', 'https://10.1.2.3:6443', false],
    ['10.1.2.3:6443', 'https://10.1.2.3:6443', true],
    ['k8s.example.com:443', 'https://k8s.example.com', true],
    ['*', 'https://k8s.example.com', true],
    ['a.com, k8s.example.com', 'https://k8s.example.com', true],
    ['', 'https://k8s.example.com', false],
  ])('NO_PROXY=%s leaves out %s: %s', (rules, server, out) => {
    expect(proxyFromEnvironment(new URL(server), { HTTPS_PROXY: proxy, NO_PROXY: rules })).toBe(out ? undefined : proxy);
  });
});
