# Asks the address $2 by the method $1, from there; the last line says status and kind of content.
exec 3>&1
if command -v curl >/dev/null 2>&1; then
  printf 'ok\n'
  said=$(curl -sS --noproxy '*' -m 10 -X "$1" -w '\n%{http_code} %{content_type}\n' -- "$2" 2>&1 >&3) && exit 0
  printf '\nno %s\n' "${said##*: }"
elif command -v wget >/dev/null 2>&1; then
  http_proxy='' https_proxy='' no_proxy='*'
  export http_proxy https_proxy no_proxy
  method=''
  [ "$1" = GET ] || method=--method=$1
  # Redirects are shown as they are; busybox follows them, and then the first status counts.
  if wget --help 2>&1 | grep -q -- --max-redirect; then method="$method --max-redirect=0"; fi
  printf 'ok\n'
  said=$(wget -q -S -T 10 $method -O - "$2" 2>&1 >&3)
  code=$?
  case $said in
    *HTTP/1.?' '[1-5][0-9][0-9]*)
      status=${said#*HTTP/1.? }
      printf '\n%s \n' "$(printf %s "$status" | head -c 3)"
      ;;
    *)
      said=${said:-no answer}
      if [ "$code" = 0 ]; then printf '\n200 \n'; else printf '\nno %s\n' "${said##*: }"; fi
      ;;
  esac
else
  no 'neither curl nor wget is there'
fi
