# How a command becomes root there.
if [ "$(id -u)" = 0 ]; then printf 'ok already\n'; exit 0; fi
sudo -n true >/dev/null 2>&1 </dev/null || no 'this user is not root there and cannot use sudo without a password'
printf 'ok sudo\n'
