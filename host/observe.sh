# shellcheck shell=bash
observe() {
  fact observed
}
