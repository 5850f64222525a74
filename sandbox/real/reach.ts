import { request } from 'node:http';

/** True if something listens at `address:port` in the nodes' network; asked of the proxy that the API server goes through. */
export function reaches(egressSocket: string, authority: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: egressSocket, method: 'CONNECT', path: authority });
    asked.once('connect', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode === 200);
    });
    asked.once('error', () => resolve(false)).end();
  });
}
