# What a session over there is like: systemd, user id, whether that user lingers; then logind's settings.
systemd=no lingers=no
[ ! -d /run/systemd/system ] || systemd=yes
[ ! -e "/var/lib/systemd/linger/$(id -un 2>/dev/null)" ] || lingers=yes
printf 'ok %s %s %s\n' "$systemd" "$(id -u)" "$lingers"
for file in /etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf; do
  if [ -f "$file" ]; then head -c 100000 -- "$file"; printf '\n'; fi
done
