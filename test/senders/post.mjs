import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true });

/**
 * Posts a body, for clients whose transport the app gives them.
 * @param {string} url
 * @param {string | Buffer} body
 * @returns {Promise<void>} settles when it is answered; rejects when it is refused
 */
export function post(url, body) {
  return new Promise((resolve, reject) => {
    request(url, { method: "POST", agent }, (response) => {
      const { statusCode = 0 } = response;
      const end = () => (statusCode < 300 ? resolve() : reject(new Error(`the server answered ${statusCode}`)));
      response.resume().on("end", end);
    })
      .on("error", reject)
      .end(body);
  });
}
