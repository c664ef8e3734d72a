import { scenarios } from "../../../app/scenarios.mjs";

export const dynamic = "force-dynamic";

/** Runs a scenario: GET /run?name=NAME */
export async function GET(request) {
  const name = new URL(request.url).searchParams.get("name");
  try {
    return Response.json(await scenarios.get(name)());
  } catch (error) {
    return Response.json({ error: String(error) });
  }
}
