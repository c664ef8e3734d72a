export default function Page() {
  return "A server that runs scenarios.";
}
