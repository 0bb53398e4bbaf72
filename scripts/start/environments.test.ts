import { expect, it } from 'vitest';
import { gatewayEnvironment, hostEnvironment } from './environments.ts';

it('tells the host role what it reads, and nothing else', () => {
  const told = {
    PATH: '/bin',
    DOCKER_HOST: 'unix:///x',
    CKX_NODE_IMAGE: 'node',
    SERVICE_KEY_ID: 'host',
    SERVICE_KEY: 'its own',
    LOG_LEVEL: 'info',
  };
  const kept = {
    DATABASE_URL: 'x',
    JWT_SECRET: 'x',
    ADMIN_EMAIL: 'x',
    ADMIN_PASSWORD: 'x',
    STRIPE_SECRET_KEY: 'x',
    STRIPE_WEBHOOK_SECRET: 'x',
    SERVICE_KEYS: 'x',
    GATEWAY_PRIVATE_KEY: 'x',
    SMTP_URL: 'x',
    A_SECRET_OF_TOMORROW: 'x',
  };
  expect(hostEnvironment({ ...kept, ...told })).toEqual(told);
});

it('tells the gateway what it reads, and no secret of anybody else’s', () => {
  const told = { PATH: '/bin', DATABASE_URL: 'x', GATEWAY_PRIVATE_KEY: 'x', SERVICE_KEYS: 'x', APP_URL: 'x', GATEWAY_PORT: '1' };
  const kept = { JWT_SECRET: 'x', ADMIN_PASSWORD: 'x', STRIPE_SECRET_KEY: 'x', SMTP_URL: 'x', SERVICE_KEY: 'x', A_SECRET_OF_TOMORROW: 'x' };
  expect(gatewayEnvironment({ ...kept, ...told })).toEqual(told);
});
