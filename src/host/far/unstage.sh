# Takes away what is staged to become a file ($1): whoever was about to put it into its place cannot any more.
real=$1
if [ -L "$1" ]; then real=$(readlink -f -- "$1") && [ -n "$real" ] || no 'it is a link that cannot be followed'; fi
dir=${real%/*} name=${real##*/}
rm -f -- "$dir/.$name".ecw-far-* || no 'it cannot be taken away'
printf 'ok\n'
