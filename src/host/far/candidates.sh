# Where hal directories may be: home, the environment's, and Halyard's own settings, each ended by a NUL.
printf 'ok\n'
printf '%s\0' "${HOME:-}" "${HALYARD_HALCONFIG_DIRECTORY:-}"
for file in /opt/spinnaker/config/halyard-local.yml /opt/spinnaker/config/halyard.yml; do
  if [ -f "$file" ]; then head -c 1000000 "$file"; fi
  printf '\0'
done
