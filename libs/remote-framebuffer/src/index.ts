/** How a connection to a desktop begins (RFB 3.8, RFC 6143): on the desktop's side with a secret, on the browser's without one. */
export { greetViewer } from './server.ts';
export { logIn } from './client.ts';
export { answerChallenge, passwordFile } from './vnc-auth.ts';
